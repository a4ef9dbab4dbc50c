using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Client.Transparency;

/// <summary>Compares what the control log has under the own name with this identity.</summary>
internal static class OwnKeys
{
    /// <summary>In words, what the log has that this identity did not publish; null if nothing.</summary>
    /// <param name="own">This identity's record.</param>
    /// <param name="listed">The proven record of the own name.</param>
    public static string? Difference(AccountRecord own, AccountRecord listed)
    {
        if (listed.AccountId != own.AccountId)
        {
            return $"the control log has the name {own.Name} under account {listed.AccountId.Short}, this identity is "
                + $"{own.AccountId.Short}: others will write to that one. Tell your peers, and choose another name";
        }

        return listed.Version >= own.Version && !listed.Encoded.Span.SequenceEqual(own.Encoded.Span)
            ? $"the control log has version {listed.Version} of this account, with {listed.Devices.Count} devices, "
                + $"which this identity of version {own.Version} did not publish: somebody has the account key"
            : null;
    }
}
