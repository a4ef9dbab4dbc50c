using SigmaComms.Cryptography;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Vault.Tests.Namespace;

/// <summary>docs/formats/vault-namespace.md; another program made the golden file from that text.</summary>
public sealed class GoldenNamespaceTests
{
    private static readonly IReadOnlyDictionary<string, byte[]> Golden = GoldenFile.Read("namespace.txt");

    [Fact]
    public void The_golden_operations_are_read_written_and_lead_to_the_golden_state()
    {
        List<NamespaceOperation>? operations = BatchBody.Decode(Golden["operations"]);
        NamespaceState state = new();

        BatchOutcome outcome = state.Apply(new NodeId(new Digest(Golden["writer"])), 3, operations!);

        Assert.Equal(BatchOutcome.Done, outcome);
        Assert.Equal(Golden["operations"], BatchBody.Encode(operations!));
        Assert.Equal(Convert.ToHexString(Golden["state"]), Convert.ToHexString(NamespaceSnapshot.Encode(state)));
        Assert.Equal(Golden["digest"], NamespaceSnapshot.DigestOf(state).ToArray());
    }

    [Fact]
    public void The_golden_state_is_read_back()
    {
        Assert.True(NamespaceSnapshot.TryDecode(Golden["state"], out NamespaceState? state));
        Assert.Equal(Golden["state"], NamespaceSnapshot.Encode(state));
    }
}
