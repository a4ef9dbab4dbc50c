using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SigmaComms.Cluster.Tests.Storage.Buckets;

/// <summary>Checks AWS Signature Version 4 of a request whose body is signed by its hash.</summary>
internal static class RequestSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The code of what is wrong, as S3 calls it; null: nothing.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its whole body.</param>
    /// <param name="keys">Secrets by the ids of their access keys.</param>
    /// <param name="region">The region that has to be signed for.</param>
    public static string? FaultOf(
        HttpRequest request, ReadOnlySpan<byte> body, IReadOnlyDictionary<string, string> keys, string region)
    {
        Dictionary<string, string>? fields = FieldsOf(request.Headers.Authorization.ToString());
        if (fields is null)
        {
            return "AccessDenied";
        }

        string[] scope = fields["Credential"].Split('/');
        string[] signed = fields["SignedHeaders"].Split(';');
        string time = request.Headers["x-amz-date"].ToString();
        string hash = request.Headers["x-amz-content-sha256"].ToString();
        if (scope.Length != 5 || !keys.TryGetValue(scope[0], out string? secret))
        {
            return "InvalidAccessKeyId";
        }

        if (scope[2] != region || scope[3] != "s3" || scope[4] != "aws4_request" || !time.StartsWith(scope[1]))
        {
            return "AuthorizationHeaderMalformed";
        }

        bool covers = request.Headers.Keys
            .Select(static name => name.ToLowerInvariant())
            .Where(static name => name == "host" || name.StartsWith("x-amz-", StringComparison.Ordinal))
            .All(signed.Contains);
        if (!covers)
        {
            return "AccessDenied";
        }

        string wanted = SignatureOf(CanonicalForm(request, signed, hash), time, scope, secret);
        if (!CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(wanted), Encoding.ASCII.GetBytes(fields["Signature"])))
        {
            return "SignatureDoesNotMatch";
        }

        return hash == Convert.ToHexStringLower(SHA256.HashData(body)) ? null : "XAmzContentSHA256Mismatch";
    }

    private static Dictionary<string, string>? FieldsOf(string authorization)
    {
        if (!authorization.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            return null;
        }

        Dictionary<string, string> fields = authorization[Algorithm.Length..]
            .Split(',')
            .Select(static field => field.Trim().Split('=', 2))
            .Where(static field => field.Length == 2)
            .ToDictionary(static field => field[0], static field => field[1]);
        return fields.ContainsKey("Credential") && fields.ContainsKey("SignedHeaders")
            && fields.ContainsKey("Signature")
            ? fields
            : null;
    }

    private static string CanonicalForm(HttpRequest request, string[] signed, string hash)
    {
        string target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        string path = target.Split('?')[0];
        IEnumerable<string> query = request.Query
            .Select(static pair => (Uri.EscapeDataString(pair.Key), Uri.EscapeDataString(pair.Value.ToString())))
            .OrderBy(static pair => pair.Item1, StringComparer.Ordinal)
            .Select(static pair => $"{pair.Item1}={pair.Item2}");
        StringBuilder form = new();
        form.Append(request.Method).Append('\n').Append(path).Append('\n').AppendJoin('&', query).Append('\n');
        foreach (string name in signed)
        {
            form.Append(name).Append(':').Append(request.Headers[name].ToString().Trim()).Append('\n');
        }

        return form.Append('\n').AppendJoin(';', signed).Append('\n').Append(hash).ToString();
    }

    private static string SignatureOf(string canonical, string time, string[] scope, string secret)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        string toSign = $"{Algorithm}\n{time}\n{string.Join('/', scope[1..])}\n{digest}";
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (string part in scope[1..])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }
}
