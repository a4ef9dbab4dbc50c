using System.Text;
using SigmaComms.Cluster.Storage.Buckets;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Configuration;

public sealed class BucketChoiceTests
{
    [Fact]
    public void A_bucket_is_read_and_written_and_without_one_there_is_none()
    {
        using TemporaryFolder folder = new();
        NodeConfiguration saved = ReadBucket(
            """
            { "endpoint": "https://s3.example:9000/", "name": "ours", "prefix": "n1/", "region": "eu-1",
              "credentialsFile": "/etc/sigma/bucket", "pathStyle": true }
            """);

        saved.Save(folder["node.json"]);
        NodeConfiguration loaded = ConfigurationObject.ReadFile(folder["node.json"], NodeConfiguration.Read);

        BucketChoice expected = new(
            new Uri("https://s3.example:9000"), "ours", "n1/", "eu-1", "/etc/sigma/bucket", true);
        Assert.Equal(expected, loaded.Storage.Bucket);
        Assert.Equal(
            new BucketChoice(new Uri("http://h"), "ours", "", "us-east-1", null, false),
            ReadBucket("""{ "endpoint": "http://h", "name": "ours" }""").Storage.Bucket);
        Assert.Null(Read("{ }").Storage.Bucket);
    }

    [Theory]
    [InlineData("""{ "name": "ours" }""", "$.storage.bucket.endpoint is missing")]
    [InlineData("""{ "endpoint": "s3", "name": "ours" }""", "$.storage.bucket.endpoint is no URL")]
    [InlineData("""{ "endpoint": "https://a:hunter2@h", "name": "ours" }""", "must not hold a password")]
    [InlineData("""{ "endpoint": "https://h/x", "name": "ours" }""", "without a path")]
    [InlineData("""{ "endpoint": "https://h" }""", "$.storage.bucket.name is missing")]
    [InlineData("""{ "endpoint": "https://h", "name": "Ours" }""", "$.storage.bucket.name is \"Ours\"")]
    [InlineData("""{ "endpoint": "https://h", "name": "ours", "prefix": "/x" }""", "bucket.prefix is \"/x\"")]
    [InlineData("""{ "endpoint": "https://h", "name": "ours", "region": "EU" }""", "bucket.region is \"EU\"")]
    [InlineData("""{ "endpoint": "https://h", "name": "ours", "pathStyle": 1 }""", "wanted is true or false")]
    [InlineData("""{ "endpoint": "https://h", "name": "ours", "secret": "hunter2" }""", "is not a known key")]
    public void A_faulty_bucket_is_told_with_its_place_and_without_a_secret(string bucket, string why)
    {
        CommandException fault = Assert.Throws<CommandException>(() => ReadBucket(bucket));

        Assert.Equal(ExitCode.Usage, fault.ExitCode);
        Assert.Contains(why, fault.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_are_taken_from_their_file_and_stay_out_of_every_text()
    {
        using TemporaryFolder folder = new();
        WriteSecret(folder["bucket"], "AKIA1:se/cr:et+\n");

        BucketOptions options = Choice(folder["bucket"]).ToOptions();

        options.Validate();
        Assert.NotNull(options.Credentials);
        Assert.DoesNotContain("se/cr", options.Credentials.ToString(), StringComparison.Ordinal);
        Assert.Null(Choice(null).ToOptions().Credentials);
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData(":hunter2")]
    [InlineData("hunter2:")]
    public void A_file_that_holds_no_credentials_is_a_fault_that_does_not_repeat_it(string line)
    {
        using TemporaryFolder folder = new();
        WriteSecret(folder["bucket"], line);

        CommandException fault = Assert.Throws<CommandException>(() => Choice(folder["bucket"]).ToOptions());

        Assert.Equal(ExitCode.Usage, fault.ExitCode);
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_file_that_others_may_read_is_not_used()
    {
        using TemporaryFolder folder = new();
        WriteSecret(folder["bucket"], "AKIA1:secret", UnixFileMode.OtherRead);

        CommandException fault = Assert.Throws<CommandException>(() => Choice(folder["bucket"]).ToOptions());

        Assert.Equal(ExitCode.NotAuthorised, fault.ExitCode);
    }

    private static void WriteSecret(string path, string content, UnixFileMode others = UnixFileMode.None)
    {
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        }
    }

    private static BucketChoice Choice(string? file) =>
        new(new Uri("https://s3.example"), "ours", "n1/", "us-east-1", file, false);

    private static NodeConfiguration ReadBucket(string bucket) => Read($$"""{ "bucket": {{bucket}} }""");

    private static NodeConfiguration Read(string storage) => ConfigurationObject.Read(
        "node.json",
        Encoding.UTF8.GetBytes(
            $$"""{ "version": 1, "name": "n", "listen": "h:1", "seeds": [], "storage": {{storage}} }"""),
        NodeConfiguration.Read);
}
