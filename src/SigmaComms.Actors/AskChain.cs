namespace SigmaComms.Actors;

/// <summary>Who waits for whom inside a turn; a ring of waits is refused before it can form.</summary>
internal static class AskChain
{
    private static readonly Lock Gate = new();

    public static void Enter(ActorCell asker, ActorCell target)
    {
        lock (Gate)
        {
            for (ActorCell? cell = target; cell is not null; cell = cell.WaitingFor)
            {
                if (cell == asker)
                {
                    throw new AskCycleException($"{asker.Path} asks {target.Path}, which waits for {asker.Path}.");
                }
            }

            asker.WaitingFor = target;
        }
    }

    public static void Leave(ActorCell asker)
    {
        lock (Gate)
        {
            asker.WaitingFor = null;
        }
    }
}
