using SigmaComms.Actors;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>What becomes of each word of a peer.</summary>
internal sealed class PeerInbox(RemoteActors home, RemotePeer peer, PeerTables tables)
{
    /// <summary>Takes one word; called in the order of arrival.</summary>
    public void Accept(ActorItem item)
    {
        switch (item)
        {
            case ActorItem.Sent sent:
                if (Deliver(sent) is { } refusal)
                {
                    AddWord(new ActorItem.NotTaken(sent.Number, refusal));
                }

                break;
            case ActorItem.NotTaken refused:
                OnRefused(refused);
                break;
            case ActorItem.Resolve question:
                IActorRef? named = home.Named(question.Name, peer.Id);
                AddWord(new ActorItem.Resolved(question.Number, peer.Point(named).Actor));
                break;
            case ActorItem.Resolved answer:
                OnResolved(answer);
                break;
            case ActorItem.Step step:
                OnStep(step);
                break;
            case ActorItem.StepsTaken taken:
                OnStepsTaken(taken.Sequence);
                break;
        }
    }

    private ActorRefusal? Deliver(ActorItem.Sent sent)
    {
        IActorRef? target;
        lock (tables.Gate)
        {
            target = tables.Exports.Find(sent.To);
        }

        if (target is null)
        {
            return ActorRefusal.NoSuchActor;
        }

        var pointers = new PeerPointers(peer);
        IActorRef? sender = pointers.Find(sent.Sender);
        ActorRefusal? refusal = home.Messages.TryRead(
            sent.MessageId, sent.Version, sent.Payload.Span, pointers, out object? message);
        if (pointers.IsOverfull)
        {
            return ActorRefusal.TooManyActors;
        }

        if (refusal is null)
        {
            target.Tell(message!, sender);
        }

        return refusal;
    }

    private void OnRefused(ActorItem.NotTaken refused)
    {
        SentMessage sent;
        lock (tables.Gate)
        {
            if (!tables.Recent.TryTake(refused.Number, out sent))
            {
                return;
            }
        }

        string reason = $"remote: {refused.Reason}";
        sent.Target.Undelivered(sent.Message, sent.Sender, reason);
        if (sent.Sender is { } asker && !ForeignActorRef.IsActor(asker))
        {
            asker.Tell(new Failure(new AskTargetTerminatedException($"{sent.Target.Path} did not take it: {reason}.")));
        }
    }

    private void OnResolved(ActorItem.Resolved answer)
    {
        TaskCompletionSource<IActorRef?>? question;
        lock (tables.Gate)
        {
            if (!tables.Resolving.Remove(answer.Number, out question))
            {
                return;
            }
        }

        question.TrySetResult(
            answer.Actor == 0 ? null : peer.Find(new ActorPointer(ActorOwner.SendingNode, answer.Actor)));
    }

    private void OnStep(ActorItem.Step step)
    {
        RemoteRef? ended = null;
        lock (tables.Gate)
        {
            // A peer that never acknowledges what it caused is not listened to any further.
            if (tables.Steps.IsOverdrawn || !tables.Steps.TryTake(step.Sequence))
            {
                return;
            }

            switch (step.What)
            {
                case ActorStep.Watch when !tables.Exports.TryWatch(step.Actor):
                    tables.Bulk.AddWord(tables.Steps.Next(ActorStep.Ended, step.Actor));
                    break;
                case ActorStep.Unwatch:
                    tables.Exports.Unwatch(step.Actor);
                    break;
                case ActorStep.Ended:
                    ended = tables.Imports.Find(step.Actor);
                    tables.Imports.Remove(step.Actor);
                    break;
            }
        }

        ended?.End();
    }

    private void OnStepsTaken(ulong sequence)
    {
        lock (tables.Gate)
        {
            tables.Steps.Acknowledge(sequence);
            if (tables.MustSyncWatches && !tables.Steps.IsOverdrawn)
            {
                tables.MustSyncWatches = false;
                foreach (RemoteRef actor in tables.Imports.All())
                {
                    tables.AddWatchStep(actor);
                }
            }
        }
    }

    private void AddWord(ActorItem word)
    {
        lock (tables.Gate)
        {
            tables.Bulk.AddWord(word);
        }
    }
}
