using System.Text.Json;
using SigmaComms.Cluster.Storage.Buckets;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Configuration;

/// <summary>The bucket that keeps a node's fragments: "storage.bucket" in node.json.</summary>
/// <param name="Endpoint">Where the S3 service is.</param>
/// <param name="Name">The bucket's name.</param>
/// <param name="Prefix">What the keys of this node's objects begin with; may be empty.</param>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="CredentialsFile">
/// The file whose first line is ACCESSKEYID:SECRET; null: what the S3 client finds in the environment.
/// </param>
/// <param name="IsPathStyle">Whether the bucket's name stands in the path and not in the host.</param>
internal sealed record BucketChoice(
    Uri Endpoint, string Name, string Prefix, string Region, string? CredentialsFile, bool IsPathStyle)
{
    private const string RegionUsual = "us-east-1";

    /// <summary>Takes the choice from its object.</summary>
    public static BucketChoice Read(ConfigurationObject bucket)
    {
        string endpoint = bucket.Text("endpoint");
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? url)
            || BucketOptions.ProblemOfEndpoint(url) is not null)
        {
            // The text is not repeated: it may hold a password.
            throw bucket.Fault(
                ".endpoint", url is null ? "is no URL" : BucketOptions.ProblemOfEndpoint(url) ?? "is no URL");
        }

        return new BucketChoice(
            url,
            Checked(bucket, "name", bucket.Text("name"), BucketOptions.IsName, "3 to 63 of a-z, 0-9, dot and hyphen"),
            Checked(
                bucket, "prefix", bucket.OptionalText("prefix") ?? string.Empty, BucketOptions.IsPrefix,
                "up to 512 of a-z, A-Z, 0-9 and /_.-, no slash first, no // or .."),
            Checked(
                bucket, "region", bucket.OptionalText("region") ?? RegionUsual, BucketOptions.IsRegion,
                "1 to 63 of a-z, 0-9 and hyphen"),
            bucket.OptionalText("credentialsFile"),
            bucket.Flag("pathStyle"));
    }

    /// <summary>Writes the choice as it is read.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("bucket");
        writer.WriteString("endpoint", Endpoint.GetLeftPart(UriPartial.Authority));
        writer.WriteString("name", Name);
        if (Prefix.Length > 0)
        {
            writer.WriteString("prefix", Prefix);
        }

        writer.WriteString("region", Region);
        if (CredentialsFile is not null)
        {
            writer.WriteString("credentialsFile", CredentialsFile);
        }

        writer.WriteBoolean("pathStyle", IsPathStyle);
        writer.WriteEndObject();
    }

    /// <summary>The bucket's options, with the credentials from their file.</summary>
    /// <exception cref="CommandException">The file cannot be read, or others may read it.</exception>
    public BucketOptions ToOptions() => new()
    {
        Endpoint = Endpoint,
        Name = Name,
        Prefix = Prefix,
        Region = Region,
        IsPathStyle = IsPathStyle,
        Credentials = CredentialsFile is null ? null : ReadCredentials(CredentialsFile),
    };

    private static BucketCredentials ReadCredentials(string path)
    {
        string line = SecretFile.FirstLine(path);
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < line.Length - 1
            ? new BucketCredentials(line[..colon], line[(colon + 1)..])
            : throw new CommandException(
                ExitCode.Usage,
                $"cannot use {path}",
                "its first line is not an access key and its secret with a colon between",
                "write ACCESSKEYID:SECRET on the first line");
    }

    private static string Checked(
        ConfigurationObject bucket, string key, string value, Func<string, bool> isGood, string wanted) =>
        isGood(value) ? value : throw bucket.Fault("." + key, $"is \"{value}\", wanted is {wanted}");
}
