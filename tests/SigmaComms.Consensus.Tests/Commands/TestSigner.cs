using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Consensus.Tests.Commands;

/// <summary>Makes groups: with a true key, or, where no signature is looked at, with made-up bytes.</summary>
internal sealed class TestSigner
{
    private readonly byte[] _key;

    public TestSigner(ulong seed) => _key = new SeededRandom(seed).Bytes(MlDsa65.PublicKeySize);

    public NodeId Id => NodeId.Of(_key);

    public ReadOnlyMemory<byte> Key => _key;

    public CommandGroup Group(long issuedAt, params Command[] commands) =>
        CommandGroup.Assemble(_key, CommandGroup.EncodeSigned(issuedAt, commands), new byte[MlDsa65.SignatureSize]);
}
