using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Machines;

/// <summary>
/// The immutable state of a state machine. A change makes a new one that shares what stayed, so that blocks which are
/// not final yet can be executed on top of each other and dropped.
/// </summary>
public interface IMachineState
{
    /// <summary>A hash that binds the whole state; cheap to ask for.</summary>
    Digest Root { get; }

    /// <summary>
    /// Whether commands leave behind what is never freed again; who has used up its share may not command it any more.
    /// </summary>
    bool IsCharging => false;

    /// <summary>Executes one command. Never throws: what is refused gets a reply that says so.</summary>
    /// <param name="context">Where and for whom.</param>
    /// <param name="payload">The command's payload; untrusted.</param>
    Applied Apply(in CommandContext context, ReadOnlyMemory<byte> payload);

    /// <summary>Writes all that <see cref="IMachine.TryRestore"/> needs; equal states write equal bytes.</summary>
    /// <param name="writer">Receives the state.</param>
    void WriteSnapshot(WireWriter writer);

    /// <summary>
    /// The same bytes as <see cref="WriteSnapshot"/> writes, in parts of at most about 128 KiB that are made one after
    /// the other: of a large state nobody holds all of them at once.
    /// </summary>
    IEnumerable<ReadOnlyMemory<byte>> SnapshotParts()
    {
        WireWriter writer = new();
        WriteSnapshot(writer);
        return [writer.WrittenMemory];
    }
}
