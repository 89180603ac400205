package android.accounts;

public class Account {
}
