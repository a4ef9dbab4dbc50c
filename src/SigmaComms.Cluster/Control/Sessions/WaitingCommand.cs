using SigmaComms.Actors;

namespace SigmaComms.Cluster.Control.Sessions;

/// <summary>A command that waits for its group.</summary>
/// <param name="Submit">The command.</param>
/// <param name="Asker">Who gets the answer.</param>
/// <param name="Tries">How often it was ordered and refused for a reason that this node could mend.</param>
internal sealed record WaitingCommand(SubmitCommand Submit, IActorRef Asker, int Tries);
