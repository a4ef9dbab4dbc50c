using SigmaComms.Actors;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>Carries out what a durable commit of one conversation asks for.</summary>
internal sealed class SessionEffects(ClientContext client, ConversationKey key, string peer, SessionDesk desk)
{
    /// <summary>Does it all, in order.</summary>
    /// <param name="effects">What to do.</param>
    /// <param name="self">The session, to be told when prekeys are gone.</param>
    /// <returns>What the mailbox may forget.</returns>
    public IReadOnlyList<Digest16> Perform(IReadOnlyList<ConversationEffect> effects, IActorRef self)
    {
        var acknowledged = new List<Digest16>();
        foreach (ConversationEffect effect in effects)
        {
            switch (effect)
            {
                case ConversationEffect.Stored e:
                    client.Counters.CountSent();
                    desk.Parts.GetValueOrDefault(e.Id)?.SetStored();
                    break;
                case ConversationEffect.Accepted e:
                    client.Counters.CountAccepted();
                    desk.Parts.GetValueOrDefault(e.Id)?.SetAccepted();
                    break;
                case ConversationEffect.Delivered e:
                    client.Counters.CountDelivered();
                    desk.Parts.Remove(e.Id, out MessagePart? part);
                    part?.SetDelivered();
                    break;
                case ConversationEffect.Acknowledge e:
                    acknowledged.Add(e.Id);
                    break;
                case ConversationEffect.Deliver e when e.Item.Place > desk.LastHandedOver:
                    desk.LastHandedOver = e.Item.Place;
                    client.HandOver(key, peer, e.Item);
                    break;
                case ConversationEffect.ForgetPrekeys e:
                    client.PrekeyKeeper.Tell(new ForgetPrekeys(e.Spent, self));
                    break;
                case ConversationEffect.HistoryLost e when e.Loss != desk.ToldLoss:
                    desk.ToldLoss = e.Loss;
                    client.Logger.HistoryLost(key.Device.Short, e.Loss);
                    client.Report(new ClientEvent(ClientEventKind.HistoryLost, peer, Words(e.Loss, peer)));
                    break;
            }
        }

        return acknowledged;
    }

    private static string Words(HistoryLoss loss, string peer) => loss switch
    {
        HistoryLoss.Peer => $"{peer} has lost what was stored there and numbers its messages anew; messages of {peer} "
            + $"that were still under way may be lost. Ask {peer}.",
        HistoryLoss.Own => $"What this device had stored of the conversation with {peer} is lost: messages that came "
            + "before and were not read yet are gone. New ones are received.",
        _ => $"What this device has stored of the conversation with {peer} is older than what {peer} has received: "
            + "the disk was put back to an older state. What is sent now may not be shown there.",
    };
}
