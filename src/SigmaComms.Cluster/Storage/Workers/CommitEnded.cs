using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>Tells the supervisor what became of slots it had given to a worker.</summary>
/// <param name="Volume">The volume's number.</param>
/// <param name="WaitingBytes">Bytes of puts that wait no more.</param>
/// <param name="Entered">How many fragments are there now that were not.</param>
/// <param name="Replaced">How many were entered instead of damaged or lost ones.</param>
/// <param name="Unused">Slots that hold nothing: of puts that failed.</param>
/// <param name="Superfluous">Slots that hold a fragment that is there already; they must be erased.</param>
/// <param name="Erased">Slots that were erased.</param>
internal sealed record CommitEnded(
    int Volume,
    long WaitingBytes,
    int Entered,
    int Replaced,
    IReadOnlyList<FragmentPlace> Unused,
    IReadOnlyList<FragmentPlace> Superfluous,
    IReadOnlyList<FragmentPlace> Erased);
