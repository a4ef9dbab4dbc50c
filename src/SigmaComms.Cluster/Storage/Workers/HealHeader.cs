using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>Write the header of a slot again: it was found damaged before right content.</summary>
/// <param name="Row">What the index says of it.</param>
/// <param name="ContentLength">Bytes of the fragment.</param>
internal sealed record HealHeader(FragmentRow Row, int ContentLength);
