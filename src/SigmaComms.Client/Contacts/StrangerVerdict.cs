using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Client.Contacts;

/// <summary>What the cluster says about an account that wrote to this device.</summary>
/// <param name="Record">Its record, if the directory has the account under the record's name too.</param>
/// <param name="DeniedBy">Otherwise the node that denied it; null if no node answered.</param>
internal sealed record StrangerVerdict(AccountRecord? Record, NodeId? DeniedBy);
