namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>The bucket in which a node keeps its fragments, instead of volumes on its disks.</summary>
public sealed class BucketOptions
{
    /// <summary>The longest prefix: 512 characters.</summary>
    public const int PrefixMax = 512;

    /// <summary>Where the service is: http or https, a host, maybe a port. Default: null, which is refused.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The bucket's name: 3 to 63 of a-z, 0-9, dot and hyphen.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>
    /// What the keys of this node's objects begin with: up to 512 of a-z, A-Z, 0-9 and /_.-, no slash first and no //
    /// or .. in it; two nodes in one bucket need two. Default: none.
    /// </summary>
    public string Prefix { get; set; } = string.Empty;

    /// <summary>The region that requests are signed for. Default: us-east-1.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Whether the bucket's name stands in the path and not in the host. Default: false.</summary>
    public bool IsPathStyle { get; set; }

    /// <summary>The access key. Default: null, what the S3 client finds in the process's environment.</summary>
    public BucketCredentials? Credentials { get; set; }

    /// <summary>How long one operation may take with all its trials, 1 s to 5 min. Default 20 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a request that failed for the moment is tried again, 0 to 5. Default 2.</summary>
    public int RetriesMax { get; set; } = 2;

    /// <summary>Requests under way at once, 1 to 1,024. Default 64.</summary>
    public int ConnectionsMax { get; set; } = 64;

    /// <summary>Throws if a value is out of its range.</summary>
    /// <exception cref="ClusterException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(ProblemOfEndpoint(Endpoint) is null, $"the bucket's endpoint {ProblemOfEndpoint(Endpoint)}");
        Require(IsName(Name), "the bucket's name must be 3 to 63 of a-z, 0-9, dot and hyphen");
        Require(
            IsPrefix(Prefix),
            "the bucket's prefix must be up to 512 of a-z, A-Z, 0-9 and /_.-, no slash first, no // or ..");
        Require(IsRegion(Region), "the bucket's region must be 1 to 63 of a-z, 0-9 and hyphen");
        Require(
            RequestTimeout.TotalSeconds is >= 1 and <= 300, "the bucket's RequestTimeout must be 1 to 300 seconds");
        Require(RetriesMax is >= 0 and <= 5, "the bucket's RetriesMax must be 0 to 5");
        Require(ConnectionsMax is >= 1 and <= 1_024, "the bucket's ConnectionsMax must be 1 to 1,024");
    }

    /// <summary>What is wrong with an endpoint; null: nothing.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public static string? ProblemOfEndpoint(Uri? endpoint) => endpoint switch
    {
        null => "is missing",
        { IsAbsoluteUri: false } => "must begin with https:// or http://",
        { Scheme: not ("https" or "http") } => "must begin with https:// or http://",
        { UserInfo.Length: > 0 } => "must not hold a password; use credentialsFile",
        { PathAndQuery: not "/" } or { Fragment.Length: > 0 } => "must be a host and maybe a port, without a path",
        _ => null,
    };

    /// <summary>Whether a bucket may be called so.</summary>
    /// <param name="name">The name.</param>
    public static bool IsName(string name) =>
        name is { Length: >= 3 and <= 63 }
        && name.All(static c => IsNameLetter(c) || c is '.' or '-')
        && IsNameLetter(name[0])
        && IsNameLetter(name[^1]);

    /// <summary>Whether keys may begin so.</summary>
    /// <param name="prefix">The prefix; empty is one.</param>
    public static bool IsPrefix(string prefix) =>
        prefix is { Length: <= PrefixMax }
        && prefix.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '.' or '-')
        && !prefix.StartsWith('/')
        && !prefix.Contains("//", StringComparison.Ordinal)
        && !prefix.Contains("..", StringComparison.Ordinal);

    /// <summary>Whether a region may be called so.</summary>
    /// <param name="region">The region.</param>
    public static bool IsRegion(string region) =>
        region is { Length: >= 1 and <= 63 } && region.All(static c => IsNameLetter(c) || c == '-');

    private static bool IsNameLetter(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ClusterException(ClusterFailure.InvalidOptions, message);
        }
    }
}
