namespace SigmaComms.Simulation.Linearizability;

/// <summary>A call or a return in a history: an element of a list out of which calls are lifted and put back.</summary>
internal sealed class HistoryEntry(int operation)
{
    /// <summary>The operation's number.</summary>
    public int Operation => operation;

    /// <summary>Of a call its return; null of a return.</summary>
    public HistoryEntry? Return { get; init; }

    public HistoryEntry? Before { get; set; }

    public HistoryEntry? After { get; set; }

    /// <summary>Takes a call and its return out.</summary>
    public void Lift()
    {
        Unlink();
        Return!.Unlink();
    }

    /// <summary>Puts them back; the last one lifted goes first.</summary>
    public void Unlift()
    {
        Return!.Relink();
        Relink();
    }

    private void Unlink()
    {
        Before!.After = After;
        if (After is not null)
        {
            After.Before = Before;
        }
    }

    private void Relink()
    {
        Before!.After = this;
        if (After is not null)
        {
            After.Before = this;
        }
    }
}
