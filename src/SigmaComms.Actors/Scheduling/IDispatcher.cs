namespace SigmaComms.Actors.Scheduling;

/// <summary>Where turns of actors run: the thread pool, or one thread under a test's control.</summary>
internal interface IDispatcher
{
    /// <summary>Lets the actor have a turn soon. Called at most once until that turn has begun.</summary>
    void Schedule(ActorCell cell);

    /// <summary>Lets an actor that used its turn up have another one, after those that wait already.</summary>
    void ScheduleLater(ActorCell cell);
}
