namespace SigmaComms.Cluster.Control.Sessions;

/// <summary>
/// Orders a command of a client that trusts this node: the node numbers and signs it. Reply:
/// <see cref="CommandAnswer"/>.
/// </summary>
/// <param name="Machine">The number of the state machine.</param>
/// <param name="Payload">The payload.</param>
internal sealed record SubmitCommand(ushort Machine, ReadOnlyMemory<byte> Payload);
