using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Consensus.Commands;

/// <summary>
/// Commands under one signature: of one client that trusts no node, or of the node that serves many clients. Whoever
/// leads can leave a group out, and can neither change nor forge nor cut one. It keeps the bytes it came in: what was
/// signed is never encoded again. Byte table: docs/formats/commands.md.
/// </summary>
/// <remarks>
/// A group that exists is well formed; its signature is good only after <see cref="Verify"/>, which needs no state.
/// Verified groups may be remembered by <see cref="Digest"/>, which covers the signature too.
/// </remarks>
public sealed class CommandGroup : IEquatable<CommandGroup>
{
    /// <summary>The most commands in a group or a block: 1,000.</summary>
    public const int CommandsMax = 1_000;

    /// <summary>The largest encoding: what fits into a body beside nothing else, 524,282 bytes.</summary>
    public const int EncodedSizeMax = CommandBody.EncodedSizeMax - CommandBody.OverheadSize - CommandBody.GroupOverhead;

    /// <summary>Bytes of an encoded group besides its commands: 5,275.</summary>
    public const int OverheadSize = 1 + MlDsa65.PublicKeySize + MlDsa65.SignatureSize + 3 + SignedHeaderSize;

    private const byte FormatVersion = 1;
    private const int SignedHeaderSize = 8 + 2;

    private readonly Digest[] _commandHashes;

    private CommandGroup(Parts parts, Command[] commands, Digest[] commandHashes)
    {
        Encoded = parts.Encoded;
        Signed = parts.Signed;
        SignerKey = parts.SignerKey;
        Signature = parts.Signature;
        IssuedAt = parts.IssuedAt;
        Signer = NodeId.Of(parts.SignerKey.Span);
        Commands = commands;
        _commandHashes = commandHashes;
        Digest = DigestOf(Signer, Digest.Sha256(Signature.Span), IssuedAt, MerkleTree.Root(commandHashes));
    }

    /// <summary>The whole group as it travels.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The bytes that were signed.</summary>
    public ReadOnlyMemory<byte> Signed { get; }

    /// <summary>The signer's ML-DSA-65 public key, 1,952 bytes.</summary>
    public ReadOnlyMemory<byte> SignerKey { get; }

    /// <summary>The signer: the hash of its key.</summary>
    public NodeId Signer { get; }

    /// <summary>
    /// The log's time when it was signed, as far as the signer knew, in UTC ticks. Only a session's first command is
    /// measured by it: one issued before the oldest forgotten session was last used could be a repeat.
    /// </summary>
    public long IssuedAt { get; }

    /// <summary>1 to 1,000 commands.</summary>
    public IReadOnlyList<Command> Commands { get; }

    /// <summary>ML-DSA-65 over <see cref="Signed"/>, 3,309 bytes.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Binds signer, signature, time and every command; the group's entry in a body's root.</summary>
    public Digest Digest { get; }

    /// <summary>The hash of each command's encoding, in their order: the entries of the group's tree.</summary>
    internal ReadOnlySpan<Digest> CommandHashes => _commandHashes;

    private static ReadOnlySpan<byte> DigestLabel => "SigmaComms command group v1"u8;

    private static ReadOnlySpan<byte> ContextLabel => "SigmaComms commands v1"u8;

    /// <summary>What is signed for a cluster, so that no signature counts in another one.</summary>
    /// <param name="cluster">The cluster's id.</param>
    public static byte[] SignatureContext(Digest cluster) => [.. ContextLabel, .. cluster.ToArray()];

    /// <summary>The bytes to sign.</summary>
    /// <param name="issuedAt">The log's time as far as the signer knows it, in UTC ticks; not negative.</param>
    /// <param name="commands">1 to 1,000 well-formed commands.</param>
    /// <exception cref="ArgumentException">There are none or too many, or one is over its limits.</exception>
    public static byte[] EncodeSigned(long issuedAt, IReadOnlyList<Command> commands)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(issuedAt);
        if (commands.Count is 0 or > CommandsMax || commands.Any(command => !command.IsWellFormed))
        {
            throw new ArgumentException("1 to 1,000 commands of 1 to 65,536 bytes, numbered from 1.", nameof(commands));
        }

        WireWriter writer = new(commands.Sum(command => command.Payload.Length + Command.OverheadSize) + 10);
        writer.U64((ulong)issuedAt).U16((ushort)commands.Count);
        foreach (Command command in commands)
        {
            command.WriteTo(writer);
        }

        return writer.ToArray();
    }

    /// <summary>Joins signed bytes with their signature.</summary>
    /// <param name="signerKey">The signer's public key, 1,952 bytes.</param>
    /// <param name="signed">What <see cref="EncodeSigned"/> gave.</param>
    /// <param name="signature">The signature, 3,309 bytes.</param>
    /// <exception cref="ArgumentException">They make no group.</exception>
    public static CommandGroup Assemble(
        ReadOnlySpan<byte> signerKey, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        byte[] encoded = new WireWriter(signed.Length + OverheadSize)
            .U8(FormatVersion).Fixed(signerKey).Fixed(signature).Opaque24(signed).ToArray();
        return TryDecode(encoded, out CommandGroup? group)
            ? group
            : throw new ArgumentException("The parts make no group: a length is wrong or over its limit.");
    }

    /// <summary>Decodes a group without verifying its signature.</summary>
    /// <param name="encoded">Untrusted bytes; the group keeps them, they must not change.</param>
    /// <param name="group">The group, or null.</param>
    /// <returns>False unless the encoding is canonical and within the limits.</returns>
    public static bool TryDecode(ReadOnlyMemory<byte> encoded, [NotNullWhen(true)] out CommandGroup? group)
    {
        group = null;
        var reader = new WireReader(encoded.Span);
        bool known = reader.U8() == FormatVersion;
        reader.Fixed(MlDsa65.PublicKeySize + MlDsa65.SignatureSize);
        ReadOnlySpan<byte> signed = reader.Opaque24(EncodedSizeMax);
        if (!known || !reader.AtEnd || encoded.Length > EncodedSizeMax)
        {
            return false;
        }

        ReadOnlyMemory<byte> signedMemory = encoded[^signed.Length..];
        var header = new WireReader(signed);
        ulong issuedAt = header.U64();
        int count = header.U16();
        if (header.Failed || issuedAt > long.MaxValue || count is 0 or > CommandsMax
            || !TryDecodeCommands(signedMemory, count, out Command[]? commands, out Digest[]? hashes))
        {
            return false;
        }

        Parts parts = new(
            encoded,
            signedMemory,
            SignerKey: encoded.Slice(1, MlDsa65.PublicKeySize),
            Signature: encoded.Slice(1 + MlDsa65.PublicKeySize, MlDsa65.SignatureSize),
            (long)issuedAt);
        group = new CommandGroup(parts, commands, hashes);
        return true;
    }

    /// <summary>Whether the signer signed the commands for this cluster; about 100 microseconds.</summary>
    /// <param name="cluster">The cluster's id.</param>
    public bool Verify(Digest cluster) =>
        MlDsa65.Verify(SignerKey.Span, Signed.Span, SignatureContext(cluster), Signature.Span);

    /// <summary>Shows that a command is in this group.</summary>
    /// <param name="index">Its place.</param>
    public InclusionProof ProveCommand(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Commands.Count);
        MountainRange range = MountainRange.Empty;
        foreach (Digest hash in _commandHashes)
        {
            range = range.AppendHash(hash);
        }

        InclusionProof? proof = range.Prove((ulong)index);
        Invariant.Holds(proof is not null);
        return proof;
    }

    /// <summary>Whether both are the same bytes.</summary>
    /// <param name="other">The other group.</param>
    public bool Equals(CommandGroup? other) => other is not null && Digest == other.Digest;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CommandGroup);

    /// <inheritdoc/>
    public override int GetHashCode() => Digest.GetHashCode();

    /// <summary>The digest of a group from what binds its parts.</summary>
    internal static Digest DigestOf(NodeId signer, Digest signature, long issuedAt, Digest commandsRoot) =>
        Digest.Sha256(new WireWriter(160)
            .Opaque8(DigestLabel)
            .Digest(signer.Value)
            .Digest(signature)
            .U64((ulong)issuedAt)
            .Digest(commandsRoot)
            .Written);

    private static bool TryDecodeCommands(
        ReadOnlyMemory<byte> signed,
        int count,
        [NotNullWhen(true)] out Command[]? commands,
        [NotNullWhen(true)] out Digest[]? hashes)
    {
        (commands, hashes) = (null, null);
        if (signed.Length < SignedHeaderSize + (count * Command.OverheadSize))
        {
            return false;
        }

        var reader = new WireReader(signed.Span[SignedHeaderSize..]);
        var decoded = new Command[count];
        var hashed = new Digest[count];
        for (int i = 0; i < count; i++)
        {
            int start = signed.Length - reader.Remaining;
            Digest client = reader.Digest();
            ulong sequence = reader.U64();
            ushort machine = reader.U16();
            int size = reader.Opaque24(Command.PayloadSizeMax).Length;
            if (reader.Failed || sequence == 0 || size == 0)
            {
                return false;
            }

            ReadOnlyMemory<byte> whole = signed.Slice(start, Command.OverheadSize + size);
            decoded[i] = new Command(client, sequence, machine, whole[Command.OverheadSize..]);
            hashed[i] = MerkleHash.Entry(whole.Span);
        }

        (commands, hashes) = (decoded, hashed);
        return reader.AtEnd;
    }

    private readonly record struct Parts(
        ReadOnlyMemory<byte> Encoded,
        ReadOnlyMemory<byte> Signed,
        ReadOnlyMemory<byte> SignerKey,
        ReadOnlyMemory<byte> Signature,
        long IssuedAt);
}
