using System.Text.Json;

namespace SigmaComms.Node.Agents;

/// <summary>What the agent tells without being asked.</summary>
/// <param name="Name">received, delivered, connected, ...</param>
/// <param name="Line">The whole object.</param>
/// <param name="At">When the line was read, in the clock's ticks.</param>
internal sealed record AgentEvent(string Name, JsonElement Line, long At);
