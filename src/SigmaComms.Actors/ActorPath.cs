namespace SigmaComms.Actors;

/// <summary>Where an actor stands in the tree: <c>sigma://system/user/a#uid</c>.</summary>
/// <param name="System">Name of the actor system.</param>
/// <param name="Elements">The path from the root, beginning with a slash.</param>
/// <param name="Uid">Tells two actors apart that had the same path one after the other; survives a restart.</param>
public sealed record ActorPath(string System, string Elements, long Uid)
{
    /// <summary>The last element: the actor's own name.</summary>
    public string Name => Elements[(Elements.LastIndexOf('/') + 1)..];

    /// <summary>The whole path with its uid.</summary>
    public override string ToString() => $"sigma://{System}{Elements}#{Uid}";
}
