using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>Whether a node may take part.</summary>
/// <param name="Admission">The verified admission, or null if it may not.</param>
/// <param name="Refusal">Why not, or null.</param>
public sealed record AdmissionDecision(NodeAdmission? Admission, Refused? Refusal)
{
    /// <summary>The node may take part.</summary>
    /// <param name="admission">Its verified admission.</param>
    public static AdmissionDecision Accept(NodeAdmission admission) => new(admission, null);

    /// <summary>The node may not take part.</summary>
    /// <param name="reason">Why, for the program.</param>
    /// <param name="detail">Why and what to do, for people.</param>
    public static AdmissionDecision Refuse(RefusalReason reason, string detail) =>
        new(null, new Refused(reason, detail));
}
