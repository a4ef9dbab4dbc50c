namespace SigmaComms.Client.Contacts;

/// <summary>The failure that stops a conversation until the user decides.</summary>
internal static class IdentityChanged
{
    /// <summary>For the peer of this name.</summary>
    public static ClientException Of(string peer) => new(
        ClientFailure.IdentityChanged,
        $"The identity of {peer} has changed. Compare the safety number with {peer} by another way; "
        + "if it is right, accept it, then send again.");
}
