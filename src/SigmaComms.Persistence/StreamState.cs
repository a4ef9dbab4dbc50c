namespace SigmaComms.Persistence;

/// <summary>What a store remembers of a persistence id besides its events: the fence row.</summary>
/// <param name="Epoch">The highest epoch that wrote or was acquired.</param>
/// <param name="Highest">The highest sequence ever stored.</param>
/// <param name="DeletedTo">Events up to and with this one are deleted.</param>
internal readonly record struct StreamState(long Epoch, long Highest, long DeletedTo)
{
    /// <summary>Decides an append; <paramref name="next"/> is the state once its events are stored.</summary>
    public AppendResult Append(long expectedSequence, long writerEpoch, int events, out StreamState next)
    {
        next = this;
        if (writerEpoch < Epoch)
        {
            return new AppendResult(
                AppendStatus.Fenced, Highest, $"Epoch {writerEpoch} is fenced by epoch {Epoch}.");
        }

        if (expectedSequence != Highest)
        {
            return new AppendResult(
                AppendStatus.Conflict, Highest, $"Expected sequence {expectedSequence}, the highest is {Highest}.");
        }

        next = this with { Epoch = writerEpoch, Highest = Highest + events };
        return new AppendResult(AppendStatus.Stored, next.Highest);
    }

    /// <summary>The state once the events up to a sequence are deleted.</summary>
    public StreamState Delete(long toSequence) =>
        this with { DeletedTo = Math.Max(DeletedTo, Math.Min(toSequence, Highest)) };
}
