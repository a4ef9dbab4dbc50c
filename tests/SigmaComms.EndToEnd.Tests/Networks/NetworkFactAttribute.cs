namespace SigmaComms.EndToEnd.Tests.Networks;

/// <summary>
/// A test whose nodes have networks of their own; skipped, with the reason, where root may not make them.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = SwitchedNetwork.Obstacle;
}
