package android.database;

public class Cursor {
}
