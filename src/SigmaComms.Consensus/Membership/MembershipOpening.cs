using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Membership;

/// <summary>The parts of the membership's root.</summary>
/// <param name="Members">The root of the map from node ids to members.</param>
/// <param name="Rest">The digest of everything else.</param>
public readonly record struct MembershipOpening(Digest Members, Digest Rest)
{
    /// <summary>The root that these parts give.</summary>
    public Digest Root => Digest.Sha256(new WireWriter(96).Opaque8(Label).Digest(Members).Digest(Rest).Written);

    private static ReadOnlySpan<byte> Label => "SigmaComms membership v1"u8;
}
