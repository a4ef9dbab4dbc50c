using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SigmaComms.Node.Web;

/// <summary>
/// Who may ask. With a token, who shows it. Without one only this machine can reach the port at all; there a page in a
/// browser must not reach it under a name of its own, so the name in the request must be this machine's.
/// </summary>
internal sealed class OperatorGate
{
    private const string Scheme = "Bearer ";
    private readonly byte[]? _tokenHash;

    /// <summary>Sets the token; null for none.</summary>
    public OperatorGate(string? token) =>
        _tokenHash = token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whether the request showed the token, or none is needed.</summary>
    /// <param name="request">The request; untrusted.</param>
    public bool IsKnown(HttpRequest request)
    {
        string shown = request.Headers.Authorization.ToString();
        return _tokenHash is null
            || (shown.StartsWith(Scheme, StringComparison.Ordinal) && CryptographicOperations.FixedTimeEquals(
                SHA256.HashData(Encoding.UTF8.GetBytes(shown[Scheme.Length..])), _tokenHash));
    }

    /// <summary>The status of a refusal, or null if the request may pass.</summary>
    /// <param name="request">The request; untrusted.</param>
    public int? Refusal(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return StatusCodes.Status405MethodNotAllowed;
        }

        if (_tokenHash is null)
        {
            return IsThisMachine(request.Host.Host) ? null : StatusCodes.Status421MisdirectedRequest;
        }

        // Whether the process lives is no secret from who can reach it.
        return request.Path == OperationsServer.LivePath || IsKnown(request)
            ? null
            : StatusCodes.Status401Unauthorized;
    }

    private static bool IsThisMachine(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
