namespace SigmaComms.Client.Agent;

/// <summary>A message on its way through the agent. It is safe on this machine.</summary>
/// <param name="Id">Names the message.</param>
/// <param name="Accepted">Ends when two nodes keep the message.</param>
/// <param name="Delivered">Ends when the recipient has the message.</param>
public sealed record AgentMessage(string Id, Task Accepted, Task Delivered);
