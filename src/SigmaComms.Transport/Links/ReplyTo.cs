using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>Where the answer to one request of the peer goes. Only the first answer counts.</summary>
public sealed class ReplyTo
{
    private readonly LinkConnection _link;
    private readonly ulong _correlation;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _answered;

    internal ReplyTo(LinkConnection link, ulong correlation)
    {
        _link = link;
        _correlation = correlation;
    }

    /// <summary>Whether an answer was given.</summary>
    public bool IsAnswered => Volatile.Read(ref _answered) != 0;

    /// <summary>Completes when an answer was given.</summary>
    public Task Answered => _done.Task;

    /// <summary>Sends the answer. Does nothing if one was sent or the link ended.</summary>
    /// <param name="answer">The answer.</param>
    public ValueTask AnswerAsync(LinkMessage answer)
    {
        if (Interlocked.Exchange(ref _answered, 1) != 0)
        {
            return ValueTask.CompletedTask;
        }

        _done.TrySetResult();
        return _link.AnswerAsync(_correlation, answer);
    }

    /// <summary>Answers with a refusal.</summary>
    /// <param name="reason">Why, for the program.</param>
    /// <param name="detail">Why and what to do, for people.</param>
    public ValueTask RefuseAsync(RefusalReason reason, string detail) => AnswerAsync(new Refused(reason, detail));
}
