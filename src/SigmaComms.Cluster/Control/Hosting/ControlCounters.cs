using SigmaComms.Cluster.Control.Verification;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>What a node's part in the log counts. Safe to use from any thread.</summary>
internal sealed class ControlCounters
{
    private readonly long[] _refused = new long[Enum.GetValues<RefusedFrame>().Length];
    private long _frames;
    private long _turns;
    private long _writes;
    private long _votes;
    private long _guardRefusals;
    private long _commands;
    private long _blocks;
    private long _restarts;
    private long _accusations;
    private long _sendsRefused;

    public long Frames => Interlocked.Read(ref _frames);

    public long Turns => Interlocked.Read(ref _turns);

    /// <summary>Turns that had to be made durable.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    public long Votes => Interlocked.Read(ref _votes);

    public long GuardRefusals => Interlocked.Read(ref _guardRefusals);

    public long Commands => Interlocked.Read(ref _commands);

    public long Blocks => Interlocked.Read(ref _blocks);

    public long Restarts => Interlocked.Read(ref _restarts);

    public long Accusations => Interlocked.Read(ref _accusations);

    /// <summary>Messages that a link did not take.</summary>
    public long SendsRefused => Interlocked.Read(ref _sendsRefused);

    public long Refused(RefusedFrame reason) => Interlocked.Read(ref _refused[(int)reason]);

    public void NoteFrame() => Interlocked.Increment(ref _frames);

    public void NoteRefused(RefusedFrame reason) => Interlocked.Increment(ref _refused[(int)reason]);

    public void NoteTurn() => Interlocked.Increment(ref _turns);

    public void NoteWrite() => Interlocked.Increment(ref _writes);

    public void NoteVote() => Interlocked.Increment(ref _votes);

    public void NoteGuardRefusals(int count) => Interlocked.Add(ref _guardRefusals, count);

    public void NoteBlock(int commands)
    {
        Interlocked.Increment(ref _blocks);
        Interlocked.Add(ref _commands, commands);
    }

    public void NoteRestart() => Interlocked.Increment(ref _restarts);

    public void NoteAccusation() => Interlocked.Increment(ref _accusations);

    public void NoteSendRefused() => Interlocked.Increment(ref _sendsRefused);
}
