using SigmaComms.Cluster.Control.Reads;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Cluster.Control.Verification;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>
/// What all parts of the control log on one node share, and where the node's links hand its frames in. Immutable but
/// for what says that it is safe to use from any thread.
/// </summary>
internal sealed class ControlDesk
{
    /// <summary>Frames up to so many bytes may go over the control lane: 64 KiB.</summary>
    public const int ShortFrameMax = 64 * 1024;

    private const long AnswerBytesPerSecond = 4 << 20;
    private const long AnswerBytesMax = 8 << 20;

    private readonly VerifierWakeUp[] _verifiers;
    private readonly RefusalLog _refusals;
    private int _next;

    public ControlDesk(NodeContext node, ControlOptions options, ControlBoundaries boundaries)
    {
        Node = node;
        Options = options;
        Boundaries = boundaries;
        Genesis = options.Genesis!;
        Board = new ControlBoard(Genesis);
        Verifier = new MessageVerifier(Genesis.Cluster, MlDsa65Verifier.Instance);
        Frames = new FrameQueue(options.PeerBytesMax, options.BytesMax);
        _refusals = new RefusalLog(node);
        _verifiers = [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, 4))
            .Select(_ => new VerifierWakeUp())];
    }

    public NodeContext Node { get; }

    public ControlOptions Options { get; }

    public ControlBoundaries Boundaries { get; }

    public ControlGenesis Genesis { get; }

    public ControlBoard Board { get; }

    public ControlCounters Counters { get; } = new();

    public MessageVerifier Verifier { get; }

    public FrameQueue Frames { get; }

    /// <summary>How much each peer may have in answer to its questions.</summary>
    public AnswerBudget Answers { get; } = new(AnswerBytesPerSecond, AnswerBytesMax);

    /// <summary>Of whom a snapshot was asked.</summary>
    public FetchTrust Fetch { get; } = new();

    /// <summary>Who follows the final blocks.</summary>
    public BlockWatchers Watchers { get; } = new();

    /// <summary>How each worker of the pool is told that frames wait.</summary>
    public IReadOnlyList<VerifierWakeUp> Verifiers => _verifiers;

    /// <summary>Takes a frame of a peer from its link; never waits. Safe to call from any thread.</summary>
    public void Accept(NodeId from, ControlFrame frame)
    {
        Counters.NoteFrame();
        if (!Frames.TryAdd(from, frame.Content))
        {
            Refuse(from, RefusedFrame.Overflow);
            return;
        }

        int first = Interlocked.Increment(ref _next) & int.MaxValue;
        for (int i = 0; i < _verifiers.Length; i++)
        {
            if (_verifiers[(first + i) % _verifiers.Length].Wake())
            {
                return;
            }
        }
    }

    /// <summary>A frame is handled: its room is free.</summary>
    public void Release(PeerFrame? frame)
    {
        if (frame is { } taken)
        {
            Frames.Release(taken);
        }
    }

    /// <summary>Counts a frame that goes no further, and tells of it now and then. Safe from any thread.</summary>
    public void Refuse(NodeId from, RefusedFrame reason)
    {
        Counters.NoteRefused(reason);
        _refusals.Note(from, reason);
    }

    /// <summary>Sends a message of the core to a node; an answer only as far as its budget goes.</summary>
    public void Send(NodeId to, Message message)
    {
        if (AnswerBudget.IsAnswer(message) && !Answers.TryTake(to, AnswerBudget.SizeOf(message), Node.Now))
        {
            Counters.NoteSendRefused();
            return;
        }

        Send(to, MessageCodec.Encode(message), IsUrgent(message));
    }

    /// <summary>Sends a message of the core to all validators but this node.</summary>
    public void Broadcast(Message message, ValidatorSet validators) =>
        Broadcast(MessageCodec.Encode(message), validators, IsUrgent(message));

    /// <summary>Sends a message to all validators but this node.</summary>
    public void Broadcast(byte[] content, ValidatorSet validators, bool isUrgent)
    {
        foreach (Validator validator in validators.Members)
        {
            if (validator.Node != Node.Self)
            {
                Send(validator.Node, content, isUrgent);
            }
        }
    }

    /// <summary>Sends a message to a node, if it is linked; what is lost is said again.</summary>
    /// <param name="to">The node.</param>
    /// <param name="content">The message.</param>
    /// <param name="isUrgent">Whether it may go over the control lane.</param>
    public void Send(NodeId to, ReadOnlyMemory<byte> content, bool isUrgent)
    {
        if (content.Length > LinkLimits.ControlBytes)
        {
            // Nobody can send it, and to ask again will not help: a fault of this program.
            Counters.NoteSendRefused();
            Node.Logger.FrameTooLong(content.Span[0], content.Length);
            return;
        }

        if (Node.Links.Find(to) is not { } links)
        {
            return;
        }

        bool isShort = isUrgent && content.Length <= ShortFrameMax;
        if (!(isShort ? links.Control : links.Bulk).TrySend(new ControlFrame(content)))
        {
            Counters.NoteSendRefused();
        }
    }

    // Votes and questions are short and everybody waits for them; blocks for who is behind are neither.
    private static bool IsUrgent(Message message) => message is not (Message.FinalBlocks or Message.Submit);
}
