using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Messaging.Sessions;

/// <summary>Bundles to upload to the key directory.</summary>
/// <param name="LastResort">Handed out when no one-time bundle is left; replaces the one uploaded before.</param>
/// <param name="OneTime">Each is handed out once.</param>
public sealed record PrekeyPublication(PrekeyBundle LastResort, IReadOnlyList<PrekeyBundle> OneTime);
