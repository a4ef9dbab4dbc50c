using SigmaComms.Cluster.Storage.Buckets;

namespace SigmaComms.Cluster.Tests.Storage.Buckets;

public sealed class ObjectContentTests
{
    [Fact]
    public void Head_and_fragment_are_one_stream_that_can_be_read_again()
    {
        using ObjectContent content = new(new byte[] { 1, 2, 3 }, new byte[] { 4, 5 });
        using MemoryStream first = new();
        using MemoryStream second = new();

        content.CopyTo(first);
        content.Seek(-4, SeekOrigin.End);
        content.CopyTo(second);

        Assert.Equal(5, content.Length);
        Assert.Equal([1, 2, 3, 4, 5], first.ToArray());
        Assert.Equal([2, 3, 4, 5], second.ToArray());
    }

    [Fact]
    public void Nobody_reads_the_callers_bytes_after_the_end()
    {
        ObjectContent content = new(new byte[] { 1 }, new byte[] { 2 });

        content.Dispose();

        Assert.Throws<ObjectDisposedException>(() => content.Read(new byte[2]));
    }
}
