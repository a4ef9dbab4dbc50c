using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Links;

/// <summary>Where everybody in the client finds the present link. Safe to call from any thread.</summary>
internal sealed class LinkBoard
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private TaskCompletionSource _up = NewSource();
    private NodeConnection? _current;

    /// <summary>Starts without a link.</summary>
    public LinkBoard(TimeProvider time) => _time = time;

    /// <summary>The present link, or null.</summary>
    public NodeConnection? Current => Volatile.Read(ref _current);

    /// <summary>Why there is no link, for people; empty while there is one, and until the first attempt ends.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>A link stands.</summary>
    public void Set(NodeConnection connection)
    {
        lock (_gate)
        {
            Volatile.Write(ref _current, connection);
            LastFailure = "";
            _up.TrySetResult();
        }
    }

    /// <summary>The link is gone, or an attempt failed.</summary>
    public void Clear(string failure)
    {
        lock (_gate)
        {
            Volatile.Write(ref _current, null);
            LastFailure = failure;
            _up = _up.Task.IsCompleted ? NewSource() : _up;
        }
    }

    /// <summary>The present link, waiting for one if need be.</summary>
    /// <exception cref="ClientException">There was none in time.</exception>
    public async Task<NodeConnection> WaitAsync(TimeSpan timeout, CancellationToken ct)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            Task up;
            lock (_gate)
            {
                if (_current is not null)
                {
                    return _current;
                }

                up = _up.Task;
            }

            TimeSpan left = timeout - _time.GetElapsedTime(start);
            try
            {
                await up.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, ct);
            }
            catch (TimeoutException)
            {
                string failure = LastFailure.Length > 0 ? LastFailure : "no attempt has ended yet";
                throw new ClientException(
                    ClientFailure.Unavailable,
                    $"No node of the cluster could be reached within {timeout.TotalSeconds:F0} s: {failure}. "
                    + "Check that the cluster runs (sigma cluster status) and that the endpoints are right.");
            }
        }
    }

    /// <summary>Asks the present node; waits for a link first, if need be.</summary>
    /// <param name="request">The request.</param>
    /// <param name="timeout">For the link, and again for each answer; after it nothing is asked again.</param>
    /// <param name="missing">What to throw when there is no such thing; null for a plain refusal.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClientException">No link, no answer, or a refusal.</exception>
    public async Task<T> AskAsync<T>(
        LinkMessage request, TimeSpan timeout, ClientException? missing, CancellationToken ct)
        where T : LinkMessage
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            NodeConnection connection = await WaitAsync(timeout, ct);
            try
            {
                LinkMessage answer = await connection.Link.RequestAsync(request, timeout, ct);
                if (answer is not Refused { Reason: RefusalReason.TooFast } slower
                    || _time.GetElapsedTime(start) + slower.RetryAfter >= timeout)
                {
                    return Judge<T>(answer, request, missing);
                }

                await Task.Delay(slower.RetryAfter, _time, ct);
            }
            catch (LinkException failed)
            {
                // The link broke. Most requests may be made again over the next one; prekeys would be stored twice.
                if (request is PublishPrekeys || _time.GetElapsedTime(start) >= timeout)
                {
                    throw new ClientException(
                        ClientFailure.Unavailable, $"The node did not answer: {failed.Message}. Try again.", failed);
                }

                await Task.Delay(AskAgain, _time, ct);
            }
        }
    }

    /// <summary>A refusal as an exception; what may work later is told apart.</summary>
    public static ClientException Refusal(Refused refused) => new(
        IsTransient(refused.Reason) ? ClientFailure.Unavailable : ClientFailure.Refused,
        $"The cluster refused ({refused.Reason}): {refused.Detail}");

    /// <summary>Whether the same request may work later.</summary>
    public static bool IsTransient(RefusalReason reason) => reason is RefusalReason.Unavailable
        or RefusalReason.StorageFailed or RefusalReason.Overloaded or RefusalReason.ShuttingDown
        or RefusalReason.TimedOut or RefusalReason.MailboxFull or RefusalReason.Unknown or RefusalReason.Replaced
        or RefusalReason.TooFast;

    private static T Judge<T>(LinkMessage answer, LinkMessage request, ClientException? missing)
        where T : LinkMessage => answer switch
        {
            T expected => expected,
            Refused { Reason: RefusalReason.NotFound } when missing is not null => throw missing,
            Refused refused => throw Refusal(refused),
            _ => throw new ClientException(
                ClientFailure.NotAuthentic, $"The node answered {request.GetType().Name} with something else."),
        };

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
