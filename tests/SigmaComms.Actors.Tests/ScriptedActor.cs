using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors.Tests;

/// <summary>
/// Does what its script and its messages say: an exception is thrown, an action is run, a function is awaited, and all
/// else is noted in the script.
/// </summary>
internal sealed class ScriptedActor : ActorBase
{
    private readonly Script _script;
    private readonly int _instance;

    public ScriptedActor(Script script)
    {
        _script = script;
        _instance = ++script.Instances;
        script.OnConstruct?.Invoke(this);
    }

    public IActorContext Here => Context;

    public IActorRef Address => Self;

    public IActorRef? From => Sender;

    public int Instance => _instance;

    protected override SupervisorStrategy SupervisorStrategy => _script.Strategy ?? base.SupervisorStrategy;

    /// <summary>A message that runs an action in the actor's turn.</summary>
    public static object Do(Action<ScriptedActor> action) => action;

    /// <summary>A message whose handler is pending until the task has ended.</summary>
    public static object Await(Func<ScriptedActor, ValueTask> handler) => handler;

    public void Ignore(object message) => Unhandled(message);

    protected override ValueTask OnReceive(object message)
    {
        switch (message)
        {
            case Exception planted:
                throw planted;
            case Action<ScriptedActor> action:
                action(this);
                return ValueTask.CompletedTask;
            case Func<ScriptedActor, ValueTask> handler:
                return handler(this);
            default:
                _script.Events.Add($"{message}");
                return ValueTask.CompletedTask;
        }
    }

    protected override ValueTask PreStart()
    {
        _script.Events.Add($"start {_instance}");
        return _script.OnStart?.Invoke(this) ?? ValueTask.CompletedTask;
    }

    protected override ValueTask PostStop()
    {
        _script.Events.Add($"stop {_instance}");
        return _script.OnStop?.Invoke(this) ?? ValueTask.CompletedTask;
    }

    protected override ValueTask PreRestart(Exception reason, object? message) =>
        _script.OnRestart?.Invoke(this) ?? base.PreRestart(reason, message);
}
