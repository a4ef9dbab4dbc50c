using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Guards;

/// <summary>
/// The own ballots of a turn and the certificates that allowed them, kept beside the guard's slot too while the log
/// writes them: whichever of the two places is damaged, a finalize is remembered together with its certificate, or not
/// at all. Not safe for more threads than one.
/// </summary>
internal sealed class TurnCopy
{
    /// <summary>
    /// The most bytes of a copy: 160 KiB, a certificate among 64 validators. A turn with more is written to the log
    /// first and to the guard after it.
    /// </summary>
    public const int SizeMax = 160 * 1024;

    private readonly WireWriter _writer = new(16_384);

    /// <summary>The bytes; none if nothing was added since the last turn, or too much.</summary>
    public ReadOnlySpan<byte> Written => HasRoom ? _writer.Written : [];

    private bool HasRoom => _writer.Length <= SizeMax;

    /// <summary>Adds a record of the turn, if a finalize depends on it.</summary>
    public void Add(byte type, ReadOnlySpan<byte> payload)
    {
        bool isNeeded = type is (byte)WalRecordType.OwnBallot or (byte)WalRecordType.CertificateHeld;
        if (isNeeded && HasRoom)
        {
            _writer.U8(type).U32((uint)payload.Length).Fixed(payload);
        }
    }

    /// <summary>A turn is over.</summary>
    public void Clear() => _writer.Clear();

    /// <summary>The records of a copy, in their order; their numbers are not known.</summary>
    /// <param name="bytes">The bytes whose hash is right.</param>
    public static List<LogRecord> RecordsOf(ReadOnlySpan<byte> bytes)
    {
        List<LogRecord> records = [];
        WireReader reader = new(bytes);
        while (!reader.Failed && !reader.AtEnd)
        {
            byte type = reader.U8();
            byte[] payload = reader.Opaque32(SizeMax).ToArray();
            if (!reader.Failed)
            {
                records.Add(new LogRecord(0, type, payload));
            }
        }

        return records;
    }
}
