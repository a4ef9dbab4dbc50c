using SigmaComms.Actors;

namespace SigmaComms.Client.Sessions;

/// <summary>Asks to remove prekeys for good.</summary>
/// <param name="Spent">The prekeys.</param>
/// <param name="ReplyTo">Gets <see cref="SessionInput.PrekeysForgotten"/> once that is durable.</param>
internal sealed record ForgetPrekeys(SpentPrekeys Spent, IActorRef ReplyTo);
