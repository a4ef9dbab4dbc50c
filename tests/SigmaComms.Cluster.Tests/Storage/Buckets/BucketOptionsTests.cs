using SigmaComms.Cluster.Storage.Buckets;

namespace SigmaComms.Cluster.Tests.Storage.Buckets;

public sealed class BucketOptionsTests
{
    [Theory]
    [InlineData("https://s3.eu-central-1.amazonaws.com", true)]
    [InlineData("http://127.0.0.1:9000", true)]
    [InlineData("https://minio.example:9000/", true)]
    [InlineData("ftp://s3.example", false)]
    [InlineData("https://user:word@s3.example", false)]
    [InlineData("https://s3.example/bucket", false)]
    [InlineData("https://s3.example/?x=1", false)]
    public void An_endpoint_is_http_a_host_and_maybe_a_port(string endpoint, bool isGood) =>
        Assert.Equal(isGood, BucketOptions.ProblemOfEndpoint(new Uri(endpoint)) is null);

    [Theory]
    [InlineData("fragments-1.of.us", true)]
    [InlineData("ab", false)]
    [InlineData("Fragments", false)]
    [InlineData("-ab", false)]
    [InlineData("a/b", false)]
    public void A_bucket_is_called_as_S3_allows(string name, bool isGood) =>
        Assert.Equal(isGood, BucketOptions.IsName(name));

    [Theory]
    [InlineData("", true)]
    [InlineData("sigma/node-1/", true)]
    [InlineData("/sigma", false)]
    [InlineData("a//b", false)]
    [InlineData("a/../b", false)]
    [InlineData("a b", false)]
    public void A_prefix_holds_nothing_that_a_path_would_change(string prefix, bool isGood) =>
        Assert.Equal(isGood, BucketOptions.IsPrefix(prefix));

    [Fact]
    public void What_is_out_of_its_range_is_named()
    {
        BucketOptions options = new() { Endpoint = new Uri("https://s3.example"), Name = "abc" };
        options.Validate();
        options.RetriesMax = 6;

        ClusterException fault = Assert.Throws<ClusterException>(options.Validate);

        Assert.Equal(ClusterFailure.InvalidOptions, fault.Reason);
        Assert.Contains("RetriesMax", fault.Message, StringComparison.Ordinal);
    }
}
