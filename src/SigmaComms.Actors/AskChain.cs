namespace SigmaComms.Actors;

/// <summary>Who waits for whom inside a turn; a ring of waits is refused before it can form.</summary>
internal static class AskChain
{
    private static readonly Lock Gate = new();

    public static void Enter(ActorCell asker, ActorCell target)
    {
        lock (Gate)
        {
            if (Reaches(target, asker))
            {
                throw new AskCycleException($"{asker.Path} asks {target.Path}, which waits for {asker.Path}.");
            }

            (asker.WaitingFor ??= []).Add(target);
        }
    }

    public static void Leave(ActorCell asker, ActorCell target)
    {
        lock (Gate)
        {
            asker.WaitingFor?.Remove(target);
        }
    }

    // The chains hold no ring, so this ends; they are as long as handlers wait for handlers.
    private static bool Reaches(ActorCell from, ActorCell to) =>
        ReferenceEquals(from, to) || (from.WaitingFor?.Exists(next => Reaches(next, to)) ?? false);
}
