using SigmaComms.Actors;
using SigmaComms.Cluster.Membership;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Exploration;

/// <summary>Takes in members of other views, as the membership actor does; who they are was verified before.</summary>
internal sealed class ExploredMembership : ReceiveActor
{
    public ExploredMembership(ExploredNode node)
    {
        Receive<LearnView>(learn =>
        {
            node.Learn(learn.Members.Select(ExploredNode.MemberWith));
            Sender?.Tell(new Done());
        });
    }
}
