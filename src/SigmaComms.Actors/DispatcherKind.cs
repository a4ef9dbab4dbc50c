namespace SigmaComms.Actors;

/// <summary>The kinds of dispatchers that can be chosen.</summary>
internal enum DispatcherKind
{
    Limited,
    Pinned,
    Control,
}
