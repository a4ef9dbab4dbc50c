using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SigmaComms.Actors.Streams;

/// <summary>
/// A stream of what an actor is told. Its mailbox is the buffer, with the overflow policy that it was made with; the
/// stream ends when the actor does, and fails with a <see cref="Failure"/> that the actor is told.
/// </summary>
/// <typeparam name="T">The elements; other messages are unhandled.</typeparam>
public sealed class ActorSource<T>
{
    private readonly Channel<T> _channel = Channel.CreateBounded<T>(1);
    private readonly ActorSystem _system;

    internal ActorSource(ActorSystem system, string? name, int capacity, Overflow overflow)
    {
        _system = system;
        Actor = system.ActorOf(
            Props.Create(() => new Entrance(_channel.Writer)).WithMailbox(capacity, overflow), name);
    }

    /// <summary>Whom to tell the elements.</summary>
    public IActorRef Actor { get; }

    /// <summary>The elements, for one consumer. When it goes away, the actor is stopped.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<T> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            await foreach (T item in _channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            _system.Stop(Actor);
        }
    }

    private sealed class Entrance(ChannelWriter<T> writer) : ActorBase
    {
        protected override async ValueTask OnReceive(object message)
        {
            switch (message)
            {
                case T item:
                    await writer.WriteAsync(item, Context.StopToken);
                    break;
                case Failure failure:
                    writer.TryComplete(failure.Cause);
                    Context.Stop(Self);
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }

        protected override ValueTask PostStop()
        {
            writer.TryComplete();
            return ValueTask.CompletedTask;
        }
    }
}
