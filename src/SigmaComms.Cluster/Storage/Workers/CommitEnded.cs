using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>Tells the supervisor what became of slots it had given to a worker.</summary>
/// <param name="Volume">The volume's number.</param>
/// <param name="WaitingBytes">Bytes of puts that wait no more.</param>
/// <param name="Outcomes">What became of each put that came to the index.</param>
/// <param name="Unused">Slots that were not touched: of puts that were refused before.</param>
/// <param name="Doubtful">Slots that may hold something, of puts that failed; to be erased later.</param>
/// <param name="Superfluous">Slots that hold a fragment that is there already; they must be erased.</param>
/// <param name="Erased">Slots that were erased.</param>
internal sealed record CommitEnded(
    int Volume,
    long WaitingBytes,
    IReadOnlyList<FragmentOutcome> Outcomes,
    IReadOnlyList<FragmentPlace> Unused,
    IReadOnlyList<FragmentPlace> Doubtful,
    IReadOnlyList<FragmentPlace> Superfluous,
    IReadOnlyList<FragmentPlace> Erased);
