using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Ledgers;

/// <summary>Gathers what is written until it is worth a part of a snapshot.</summary>
internal sealed class PartWriter
{
    private const int EnoughBytes = 64 * 1024;

    /// <summary>Receives what comes next.</summary>
    public WireWriter Writer { get; private set; } = new();

    /// <summary>What was written since the last part, if it is enough, or if this is the end.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> part, bool isEnd = false)
    {
        part = default;
        if (Writer.Length == 0 || (Writer.Length < EnoughBytes && !isEnd))
        {
            return false;
        }

        part = Writer.WrittenMemory;
        Writer = new WireWriter(EnoughBytes + 1_024);
        return true;
    }
}
