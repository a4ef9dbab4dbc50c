using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Sessions;

/// <summary>
/// Who waits for which group. A group is answered when a final block has it, or when the log shows that all its
/// commands were executed before: another node may have ordered them for the same client. For one actor.
/// </summary>
internal sealed class GroupWaiters
{
    private readonly Dictionary<Digest, Waiting> _groups = [];
    private readonly Dictionary<Digest, HashSet<Digest>> _byClient = [];

    /// <summary>Groups that somebody waits for.</summary>
    public int Count => _groups.Count;

    /// <summary>The groups that somebody waits for.</summary>
    public IEnumerable<CommandGroup> Groups => _groups.Values.Select(waiting => waiting.Group);

    /// <summary>Whether somebody waits for it.</summary>
    public bool Contains(CommandGroup group) => _groups.ContainsKey(group.Digest);

    /// <summary>Remembers who waits.</summary>
    public void Add(CommandGroup group, IActorRef asker, TimeSpan now)
    {
        if (_groups.TryGetValue(group.Digest, out Waiting? known))
        {
            known.Askers.Add(asker);
            return;
        }

        _groups.Add(group.Digest, new Waiting(group, [asker], now));
        foreach (Command command in group.Commands)
        {
            if (!_byClient.TryGetValue(command.Client, out HashSet<Digest>? groups))
            {
                _byClient.Add(command.Client, groups = []);
            }

            groups.Add(group.Digest);
        }
    }

    /// <summary>Answers those whose commands a final block decided.</summary>
    public void Answer(CommittedBlock committed)
    {
        if (_groups.Count == 0)
        {
            return;
        }

        int at = 0;
        foreach (CommandGroup group in committed.Block.Body.Groups)
        {
            int count = group.Commands.Count;
            if (_groups.ContainsKey(group.Digest))
            {
                Answer(group.Digest, Final(committed, [.. committed.Execution.Results.Skip(at).Take(count)]));
            }

            at += count;
        }

        ControlReading reading = new(
            committed.Execution.Ledger, committed.Block.Header.Height, committed.Block.Digest,
            committed.Block.Header.Timestamp, 0);
        foreach (Digest client in committed.Block.Body.Groups
            .SelectMany(group => group.Commands).Select(command => command.Client).Distinct())
        {
            AnswerOthers(client, reading);
        }
    }

    /// <summary>
    /// What the log answers to commands that were all executed before; null if one was not.
    /// </summary>
    public static GroupAnswer? Repeat(CommandGroup group, ControlReading reading)
    {
        if (!group.Commands.All(reading.Ledger.IsExecuted))
        {
            return null;
        }

        // Nothing of it is executed again, so this changes nothing and tells what was answered then.
        Execution again = reading.Ledger.Execute(
            reading.Ledger.Validators.Epoch, reading.Height, Math.Max(reading.Timestamp, group.IssuedAt), [group]);
        return new GroupAnswer(ControlVerdict.Final, again.Results, reading.Height, string.Empty);
    }

    /// <summary>Answers those whose commands were all executed before a state.</summary>
    public void AnswerRepeats(ControlReading reading)
    {
        foreach (Waiting waiting in _groups.Values.ToArray())
        {
            if (Repeat(waiting.Group, reading) is { } answer)
            {
                Answer(waiting.Group.Digest, answer);
            }
        }
    }

    /// <summary>Forgets groups that nobody can be waiting for any more.</summary>
    /// <param name="before">Those that came before, on the monotonic clock.</param>
    public void Expire(TimeSpan before)
    {
        foreach (Waiting waiting in _groups.Values.Where(waiting => waiting.Since < before).ToArray())
        {
            Answer(waiting.Group.Digest, GroupAnswer.Refused(ControlVerdict.TimedOut, "not final for minutes"));
        }
    }

    /// <summary>Answers all that wait.</summary>
    public void AnswerAll(GroupAnswer answer)
    {
        foreach (Digest group in _groups.Keys.ToArray())
        {
            Answer(group, answer);
        }
    }

    private static GroupAnswer Final(CommittedBlock committed, IReadOnlyList<CommandResult> results) =>
        new(ControlVerdict.Final, results, committed.Block.Header.Height, string.Empty);

    private void AnswerOthers(Digest client, ControlReading reading)
    {
        if (!_byClient.TryGetValue(client, out HashSet<Digest>? groups))
        {
            return;
        }

        foreach (Digest waiting in groups.ToArray())
        {
            if (Repeat(_groups[waiting].Group, reading) is { } answer)
            {
                Answer(waiting, answer);
            }
        }
    }

    private void Answer(Digest digest, GroupAnswer answer)
    {
        if (!_groups.Remove(digest, out Waiting? waiting))
        {
            return;
        }

        foreach (Command command in waiting.Group.Commands)
        {
            if (_byClient.TryGetValue(command.Client, out HashSet<Digest>? groups)
                && groups.Remove(digest) && groups.Count == 0)
            {
                _byClient.Remove(command.Client);
            }
        }

        waiting.Askers.ForEach(asker => asker.Tell(answer));
    }

    private sealed record Waiting(CommandGroup Group, List<IActorRef> Askers, TimeSpan Since);
}
