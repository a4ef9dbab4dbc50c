using SigmaComms.Actors.Mailboxes;

namespace SigmaComms.Actors;

/// <summary>The messages that one actor has put aside; they survive a restart.</summary>
internal sealed class ActorStash(ActorCell owner) : IStash
{
    public const int Capacity = 1024;

    private readonly List<Envelope> _messages = [];

    public int Count => _messages.Count;

    public void Stash()
    {
        if (_messages.Count >= Capacity)
        {
            throw new StashOverflowException($"{owner.Path} has {Capacity} messages put aside already.");
        }

        _messages.Add(owner.Context!.TakeForStash());
    }

    public void UnstashAll()
    {
        owner.PutInFront(_messages);
        _messages.Clear();
    }
}
