using System.Net;

namespace SigmaComms.Node.Seq;

/// <summary>The server answered, and did not do it.</summary>
internal sealed class SeqRefusedException(HttpStatusCode status, string why) : Exception(why)
{
    /// <summary>Whether the key is wrong, or may not do this.</summary>
    public bool IsNotAuthorised => status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
}
