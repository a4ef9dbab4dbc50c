using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests;

public sealed class NodeIdTests
{
    [Fact]
    public void An_id_is_the_hash_of_the_encoded_public_key()
    {
        byte[] publicKey = VectorCase.ReadAcvp("ML-DSA-keyGen-FIPS204")
            .First(test => test.ParameterSet == "ML-DSA-65")
            .ExpectedBytes("pk");

        NodeId id = NodeId.Of(publicKey);

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(publicKey), id.Value.ToArray());
        Assert.Equal(id.ToString()[..8], id.Short);
        Assert.True(NodeId.TryParse(id.ToString(), out NodeId parsed));
        Assert.Equal(id, parsed);
    }

    [Fact]
    public void Ids_sort_as_their_digests_do()
    {
        NodeId[] ids = Enumerable.Range(0, 100).Select(i => NodeId.Of([(byte)i])).Order().ToArray();

        for (int i = 1; i < ids.Length; i++)
        {
            Assert.True(ids[i - 1] < ids[i]);
            Assert.True(ids[i] > ids[i - 1]);
            Assert.True(ids[i - 1] <= ids[i]);
            Assert.True(ids[i] >= ids[i - 1]);
            Assert.True(ids[i - 1].Value < ids[i].Value);
        }
    }
}
