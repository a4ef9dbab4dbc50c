using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors.Tests;

/// <summary>What a <see cref="ScriptedActor"/> does at each step of its life, and what happened so far.</summary>
internal sealed class Script
{
    /// <summary>What happened, with the number of the instance: "start 1", "stop 1", the messages.</summary>
    public List<string> Events { get; } = [];

    public int Instances { get; set; }

    public Action<ScriptedActor>? OnConstruct { get; set; }

    public Func<ScriptedActor, ValueTask>? OnStart { get; set; }

    public Func<ScriptedActor, ValueTask>? OnStop { get; set; }

    /// <summary>Instead of what an actor does by default before a restart.</summary>
    public Func<ScriptedActor, ValueTask>? OnRestart { get; set; }

    public SupervisorStrategy? Strategy { get; set; }

    public Props Props => Props.Create(() => new ScriptedActor(this));

    /// <summary>A strategy for one child that always decides alike.</summary>
    public static OneForOneStrategy Always(Directive directive, int maxRetries = -1) =>
        new(maxRetries, TimeSpan.FromMinutes(1), _ => directive);

    /// <summary>What happened since the last call.</summary>
    public string[] Take()
    {
        string[] events = [.. Events];
        Events.Clear();
        return events;
    }
}
