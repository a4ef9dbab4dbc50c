using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Doors;

/// <summary>What came of taking in a part of a fragment.</summary>
/// <param name="Answer">The answer; null if the fragment is whole now and the store must say.</param>
/// <param name="Label">What the whole fragment is.</param>
/// <param name="Fragment">The whole fragment; its length is held in the guest's account.</param>
/// <param name="Room">Its room, if it was rented.</param>
internal readonly record struct FragmentIntake(
    LinkMessage? Answer, FragmentLabel? Label, ReadOnlyMemory<byte> Fragment, RentedBytes? Room)
{
    /// <summary>The part was answered.</summary>
    public static FragmentIntake Answered(LinkMessage answer) => new(answer, null, default, null);

    /// <summary>The part was refused.</summary>
    public static FragmentIntake Refuse(RefusalReason reason, string detail) => Answered(new Refused(reason, detail));
}
