using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>What this replica itself said in one view. Every own vote passes here, and so do its rules.</summary>
internal sealed class OwnVotes
{
    public Digest? Proposed { get; private set; }

    public Digest? Notarized { get; private set; }

    public Digest? Finalized { get; private set; }

    public bool IsNullified => NullifiedSince is not null;

    /// <summary>What the own nullify says of the views before; to say it again in the same words.</summary>
    public View? NullifiedSince { get; private set; }

    public void Propose(Digest block)
    {
        Invariant.Holds(Proposed is null || Proposed == block);
        Proposed = block;
    }

    // Rule 2: at most one digest per view.
    public void Notarize(Digest block)
    {
        Invariant.Holds(Notarized is null || Notarized == block);
        Notarized = block;
    }

    // Rule 3: never after a finalize of the view.
    public void Nullify(View since)
    {
        Invariant.Holds(Finalized is null);
        NullifiedSince ??= since;
    }

    // Rule 4: never after a nullify of the view.
    public void Finalize(Digest block)
    {
        Invariant.Holds(!IsNullified);
        Invariant.Holds(Finalized is null || Finalized == block);
        Finalized = block;
    }
}
