namespace SigmaComms.Actors;

/// <summary>Fails the asks that wait for an actor when it can no longer answer.</summary>
internal interface IAskTarget
{
    /// <summary>Notes an ask. Returns false if the actor has ended.</summary>
    bool TryAddAsk(AskPromise ask);

    /// <summary>The ask has ended.</summary>
    void RemoveAsk(AskPromise ask);
}
